import { useFetcher } from '@remix-run/react';
import { Alert, Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatRefusal } from './chat-form.ts';

const COMMANDS = ['/start', '/horoscope', '/tarot', '/natal', '/help'] as const;
const MESSAGE_LENGTH_MAX = 4_096;

interface SendAnswer {
  readonly isSent: boolean;
  readonly refusal: ChatRefusal | null;
}

interface ComposerProps {
  onSent(): Promise<void>;
}

/** Writes to the bot: a text, or one of its commands at a click. */
export function Composer({ onSent }: ComposerProps) {
  return (
    <div className="composer">
      <CommandBar onSent={onSent} />
      <MessageForm onSent={onSent} />
    </div>
  );
}

function CommandBar({ onSent }: ComposerProps) {
  const { t } = useTranslation();
  const fetcher = useFetcher<SendAnswer>();
  const answer = fetcher.data;
  useEffect(() => {
    if (answer) void onSent();
  }, [answer, onSent]);
  return (
    <fetcher.Form method="post" action="/sandbox/chat" className="composer-commands" aria-label={t('chat.commands')}>
      {COMMANDS.map((command) => (
        <Button key={command} size="small" htmlType="submit" name="text" value={command}>
          {command}
        </Button>
      ))}
    </fetcher.Form>
  );
}

function MessageForm({ onSent }: ComposerProps) {
  const { t } = useTranslation();
  const fetcher = useFetcher<SendAnswer>();
  const [text, setText] = useState('');
  const answer = fetcher.data;
  useEffect(() => {
    if (!answer?.isSent) return;
    setText('');
    void onSent();
  }, [answer, onSent]);
  const isSending = fetcher.state !== 'idle';
  return (
    <>
      {answer?.refusal && (
        <Alert
          type="error"
          role="alert"
          title={answer.refusal === 'too_long' ? t('chat.tooLong', { maximum: MESSAGE_LENGTH_MAX }) : t('chat.notSent')}
        />
      )}
      <fetcher.Form method="post" action="/sandbox/chat" className="composer-form">
        <Input
          name="text"
          size="large"
          value={text}
          onChange={(event) => setText(event.target.value)}
          aria-label={t('chat.input')}
          placeholder={t('chat.placeholder')}
          autoComplete="off"
          maxLength={MESSAGE_LENGTH_MAX}
          required
        />
        <Button type="primary" size="large" htmlType="submit" disabled={isSending}>
          {isSending ? t('chat.sending') : t('chat.send')}
        </Button>
      </fetcher.Form>
    </>
  );
}
