import { pick, type Random } from '../random.ts';
import type { ControlMessage } from '../telegram/control-schemas.ts';
import type { CrowdMember } from './people.ts';

type Button = ControlMessage['buttons'][number][number];

/** Buttons that would make somebody else of a person, delete them, or cost money; nobody presses them for fun. */
const NOT_FOR_FUN = /change|^premium:|^delete:/u;
const IS_SIGN = /^sign:/u;
const IS_PLACE = /^place:/u;

/** The buttons of a message that somebody may want to press. */
export function findButtons(message: Pick<ControlMessage, 'buttons'>): Button[] {
  return message.buttons.flat().filter(({ callbackData }) => !NOT_FOR_FUN.test(callbackData));
}

/** What a person presses: their own sign, the largest of the places (it stands first), else whatever is offered. */
export function chooseButton(member: CrowdMember, buttons: readonly Button[], random: Random): Button | null {
  if (buttons.length === 0) return null;
  const ownSign = buttons.find(({ callbackData }) => IS_SIGN.test(callbackData) && callbackData.split(':').includes(member.sign));
  const place = buttons.find(({ callbackData }) => IS_PLACE.test(callbackData));
  return ownSign ?? place ?? pick(random, buttons);
}
