import { Alert, Card } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { ChatState } from '#server/contracts/chat.ts';
import { useHydrated } from '../../lib/use-hydrated.ts';
import { Composer } from './composer.tsx';
import { MessageBubble } from './message-bubble.tsx';
import { useChat } from './use-chat.ts';

/** A conversation with the bot, as a Telegram user has it. */
export function ChatPage({ initial }: { initial: ChatState }) {
  const { t } = useTranslation();
  const { chat, isStale, refresh } = useChat(initial);
  const isHydrated = useHydrated();
  const logRef = useRef<HTMLDivElement>(null);
  useEffect(() => {
    logRef.current?.scrollTo({ top: logRef.current.scrollHeight });
  }, [chat.sequence, chat.isTyping]);
  useEffect(() => {
    const log = logRef.current;
    if (!log) return undefined;
    // A notice that takes its room from the messages must not hide the last of them.
    const observer = new ResizeObserver(() => log.scrollTo({ top: log.scrollHeight }));
    observer.observe(log);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="chat">
      <h1>{t('chat.title')}</h1>
      <p className="stat-note">{t('chat.intro')}</p>
      {isStale && <Alert type="warning" role="alert" title={t('chat.stale')} />}
      <Card size="small" className="chat-card">
        <div ref={logRef} className="chat-log" role="log" aria-label={t('chat.log')} tabIndex={0}>
          {chat.messages.length === 0 && <p className="chat-empty">{t('chat.empty')}</p>}
          {chat.messages.map((message) => (
            <MessageBubble key={message.messageId} message={message} onPressed={refresh} />
          ))}
          {chat.isTyping && <p className="chat-typing">{t('chat.typing')}</p>}
        </div>
        <Composer onSent={refresh} />
        {!isHydrated && (
          <noscript>
            <a href="/sandbox/chat">{t('chat.refresh')}</a>
          </noscript>
        )}
      </Card>
    </div>
  );
}
