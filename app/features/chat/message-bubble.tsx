import { useFetcher } from '@remix-run/react';
import { Button } from 'antd';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatMessage } from '#server/contracts/chat.ts';
import type { SendAnswer } from './chat-form.ts';
import { InvoiceCard } from './invoice-card.tsx';
import { NotSent } from './not-sent.tsx';
import { TelegramHtml } from './telegram-html.tsx';

export interface MessageBubbleProps {
  readonly message: ChatMessage;
  onPressed(): Promise<void>;
}

/** One message with the buttons below it; a button is a form of its own and works without JavaScript. */
export function MessageBubble({ message, onPressed }: MessageBubbleProps) {
  const { t } = useTranslation();
  const fetcher = useFetcher<SendAnswer>();
  const { data } = fetcher;
  useEffect(() => {
    if (data) void onPressed();
  }, [data, onPressed]);
  const isFromBot = message.from === 'bot';
  return (
    <article className={isFromBot ? 'bubble bubble-bot' : 'bubble bubble-user'} aria-label={isFromBot ? t('chat.bot') : t('chat.you')}>
      {message.invoice ? (
        <fetcher.Form method="post" action="/sandbox/chat">
          <input type="hidden" name="messageId" value={message.messageId} />
          <InvoiceCard invoice={message.invoice} />
        </fetcher.Form>
      ) : (
        <div className="bubble-text">
          <MessageText message={message} />
        </div>
      )}
      {message.buttons.length > 0 && (
        <fetcher.Form method="post" action="/sandbox/chat" className="bubble-buttons">
          <input type="hidden" name="messageId" value={message.messageId} />
          {message.buttons.map((row, index) => (
            <div key={index} className="bubble-row">
              {row.map(({ text, callbackData }) => (
                <Button key={callbackData} size="small" htmlType="submit" name="callbackData" value={callbackData}>
                  {text}
                </Button>
              ))}
            </div>
          ))}
        </fetcher.Form>
      )}
      <NotSent answer={data} />
    </article>
  );
}

function MessageText({ message: { text, html, payment } }: { message: ChatMessage }) {
  const { t } = useTranslation();
  if (payment) return t(payment.kind === 'paid' ? 'chat.paid' : 'chat.refunded', { stars: payment.stars });
  return html === null ? text : <TelegramHtml html={html} />;
}
