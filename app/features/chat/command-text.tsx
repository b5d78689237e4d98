import { Fragment } from 'react';

/** The form that sends a command; its buttons may stand anywhere on the page. */
export const COMMAND_FORM_ID = 'chat-commands';

const COMMAND = /((?<=^|[\s(])\/[a-z][a-z_]{0,31}(?![\p{L}\p{N}_/]))/u;

/** A text whose commands can be pressed, as in a Telegram client. */
export function CommandText({ text }: { text: string }) {
  return text.split(COMMAND).map((part, index) =>
    // Splitting by a group puts what it matched at the odd places.
    index % 2 === 1 ? (
      <button key={index} type="submit" form={COMMAND_FORM_ID} name="text" value={part} className="bubble-command">
        {part}
      </button>
    ) : (
      <Fragment key={index}>{part}</Fragment>
    ),
  );
}
