import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findEntities } from '#server/sandbox/telegram/find-entities.ts';

test.each([
  ['/start', [{ type: 'bot_command', offset: 0, length: 6 }]],
  ['/start@adtro_bot ref1', [{ type: 'bot_command', offset: 0, length: 16 }]],
  [
    'try /tarot or /natal',
    [
      { type: 'bot_command', offset: 4, length: 6 },
      { type: 'bot_command', offset: 14, length: 6 },
    ],
  ],
  ['🔮🔮 /tarot', [{ type: 'bot_command', offset: 5, length: 6 }]],
  ['1/2 and a/b and and/or', []],
  ['/', []],
  ['#гороскоп', [{ type: 'hashtag', offset: 0, length: 9 }]],
  ['#123', []],
  ['ask @adtro_bot', [{ type: 'mention', offset: 4, length: 10 }]],
  ['me@example.org', [{ type: 'email', offset: 0, length: 14 }]],
  ['see https://example.org/start.', [{ type: 'url', offset: 4, length: 25 }]],
  ['', []],
])('in "%s" Telegram marks %j', (text, entities) => {
  expect(findEntities(text)).toEqual(entities);
});

test('entities never overlap, come in order and lie within the text', () => {
  const piece = fc.constantFrom('/start', '@adtro_bot', '#tag', 'https://a.example/b', 'me@a.example', ' ', '🔮', 'слово', '/', '.');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join('');
      let end = 0;
      for (const entity of findEntities(text)) {
        expect(entity.offset).toBeGreaterThanOrEqual(end);
        expect(entity.length).toBeGreaterThan(0);
        end = entity.offset + entity.length;
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }),
  );
});
