import { TRPCError } from '@trpc/server';
import { DrizzleQueryError } from 'drizzle-orm';
import fc from 'fast-check';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AppError, assertNever, describeError, framesOf, invariant } from '#server/errors.ts';

describe('describeError', () => {
  it('gives the words of an error and of all that caused it, from the outside in', () => {
    const query = new Error('select 1 failed', { cause: new Error('connect ECONNREFUSED') });
    expect(describeError(new AppError('unavailable', 'Try again soon.', query))).toBe('Try again soon.: select 1 failed: connect ECONNREFUSED');
  });

  it('gives the reasons of a connection that failed on several addresses, which has no words of its own', async () => {
    const addresses = ['127.0.0.1', '127.0.0.2'].map((address) => ({ address, family: 4 }));
    const socket = connect({ host: 'localhost', port: 1, autoSelectFamily: true, lookup: (_host, _options, done) => done(null, addresses) });
    const cause: unknown = await new Promise((resolve) => socket.once('error', resolve));
    const refused = addresses.map(({ address }) => `connect ECONNREFUSED ${address}:1`);
    expect(describeError(new Error('fetch failed', { cause }))).toBe(`fetch failed: ${refused.join('; ')}`);
  });

  it('tells the statement that failed and never its parameters, which are what people told us', () => {
    const failed = new DrizzleQueryError('update users set birth_date = $1', ['1990-05-17'], new Error('connection lost'));
    const told = 'Failed query: update users set birth_date = $1: connection lost';
    expect(describeError(failed)).toBe(told);
    expect(describeError(new AppError('unavailable', 'Try again.', failed))).toBe(`Try again.: ${told}`);
    expect(describeError(new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: failed }))).not.toContain('1990-05-17');
  });

  it('keeps a value that Postgres refused to itself', () => {
    const refused = Object.assign(new Error('invalid input syntax for type date: "next to\nAnna"'), { name: 'PostgresError' });
    expect(describeError(refused)).toBe('invalid input syntax for type date: …');
  });

  it('ends when a cause leads back to itself', () => {
    const [first, second] = [new Error('first'), new Error('second')];
    first.cause = second;
    second.cause = first;
    expect(describeError(first)).toMatch(/^first: second: first/);
  });

  it.each([
    ['a text', 'no', 'no'],
    ['nothing', undefined, 'undefined'],
    ['a symbol', Symbol('why'), 'Symbol(why)'],
    ['an object without a prototype', Object.create(null), '[object Object]'],
    ['an object that cannot be read', { toString: () => { throw new Error('no'); } }, '[object Object]'],
  ])('reads %s', (_what, thrown, text) => expect(describeError(thrown)).toBe(text));

  it('never throws, whatever was thrown', () => {
    const anything = fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true });
    fc.assert(fc.property(anything, (thrown) => [thrown, new Error('x', { cause: thrown })].every((each) => typeof describeError(each) === 'string')));
  });
});

describe('AppError', () => {
  it('keeps what must not be shown out of its words', () => {
    const error = new AppError('conflict', 'There is one already.', new Error('duplicate key value violates users_email_key'));
    expect([error.message, error.httpStatus, JSON.stringify(error)]).toEqual(['There is one already.', 409, expect.not.stringContaining('users_email_key')]);
    expect(new AppError('conflict', 'x')).not.toHaveProperty('cause');
  });

  it('stands for a broken promise of our own with generic words', () => {
    const internal = { code: 'internal', message: 'Something went wrong on our side.' };
    expect(() => invariant(0, 'zero is false')).toThrow(expect.objectContaining({ ...internal, cause: new Error('invariant: zero is false') }));
    expect(() => invariant('text', 'it is true')).not.toThrow();
    expect(() => void Reflect.apply(assertNever, undefined, ['hunter2'])).toThrow(expect.objectContaining(internal));
  });
});

describe('framesOf', () => {
  it('gives the places of an error without its words, whatever they look like', () => {
    const frames = framesOf(new DrizzleQueryError('select $1', ['a\n    at home'], new Error('lost')));
    expect(frames).toMatch(/^ +at .*errors\.test\.ts/m);
    expect(frames).not.toMatch(/at home|select/);
  });

  it('gives nothing for what is no error', () => expect(framesOf('no')).toBeUndefined());
});
