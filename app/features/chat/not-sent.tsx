import { Alert } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ChatRefusal, SendAnswer } from './chat-form.ts';

/** Longest message that Telegram takes. */
export const MESSAGE_LENGTH_MAX = 4_096;

const TEXTS = { too_long: 'chat.tooLong', not_sent: 'chat.notSent', unreachable: 'chat.unreachable' } as const satisfies Record<ChatRefusal, string>;

/** Says why something was not sent; nothing when it was. */
export function NotSent({ answer }: { answer: SendAnswer | undefined }) {
  const { t } = useTranslation();
  if (!answer?.refusal) return null;
  return <Alert type="error" role="alert" title={t(TEXTS[answer.refusal], { maximum: MESSAGE_LENGTH_MAX })} />;
}
