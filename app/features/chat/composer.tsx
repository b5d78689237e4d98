import { useFetcher } from '@remix-run/react';
import { Button, Input } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SendAnswer } from './chat-form.ts';
import { COMMAND_FORM_ID } from './command-text.tsx';
import { MESSAGE_LENGTH_MAX, NotSent } from './not-sent.tsx';

const COMMANDS = ['/start', '/horoscope', '/tarot', '/natal', '/premium', '/help'] as const;

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
    <>
      <NotSent answer={answer} />
      <fetcher.Form id={COMMAND_FORM_ID} method="post" action="/sandbox/chat" className="composer-commands" aria-label={t('chat.commands')}>
        {COMMANDS.map((command) => (
          <Button key={command} size="small" htmlType="submit" name="text" value={command}>
            {command}
          </Button>
        ))}
      </fetcher.Form>
    </>
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
      <NotSent answer={answer} />
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
