import { describe, expect, it } from 'vitest';
import { parseFlags, readNumber, readWholeNumber } from '#server/sandbox/stand-in-process.ts';

describe('the flags of a stand-in', () => {
  const options = { port: '0', seed: '1', journal: null };

  it('takes what is given and the defaults of the rest', () => {
    expect(parseFlags(options, ['--port', '4000'])).toEqual({ port: '4000', seed: '1' });
    expect(parseFlags(options, ['--journal=/tmp/j'])).toEqual({ port: '0', seed: '1', journal: '/tmp/j' });
  });

  it('refuses what it does not know', () => {
    expect(() => parseFlags(options, ['--prot', '1'])).toThrow(/--prot/);
    expect(() => parseFlags(options, ['stray'])).toThrow();
  });

  it('refuses numbers that are none or out of bounds, naming the flag', () => {
    const limits = { min: 0, max: 10 };
    expect(readWholeNumber({ port: '7' }, 'port', limits)).toBe(7);
    expect(readNumber({ scale: '0.5' }, 'scale', limits)).toBe(0.5);
    for (const port of ['', ' ', 'x', '-1', '11', '1.5', 'NaN', 'Infinity']) {
      expect(() => readWholeNumber({ port }, 'port', limits)).toThrow('--port must be a number from 0 to 10');
    }
    expect(() => readNumber({}, 'scale', limits)).toThrow('--scale');
  });
});
