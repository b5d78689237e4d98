import { Fragment, type ReactNode } from 'react';
import { CommandText } from './command-text.tsx';
import { parseTelegramHtml, type TelegramElement, type TelegramNode } from './parse-telegram-html.ts';

function renderNode(node: TelegramNode, index: number): ReactNode {
  return typeof node === 'string' ? <CommandText key={index} text={node} /> : <Fragment key={index}>{renderElement(node)}</Fragment>;
}

function renderElement({ tag: Tag, href, children }: TelegramElement): ReactNode {
  const content = children.map(renderNode);
  if (Tag === 'tg-spoiler') {
    return (
      <span className="spoiler" tabIndex={0}>
        {content}
      </span>
    );
  }
  if (Tag !== 'a') return <Tag>{content}</Tag>;
  return (
    <a href={href ?? undefined} target="_blank" rel="noopener noreferrer nofollow">
      {content}
    </a>
  );
}

/** A message of the bot with its markup, built as elements: no HTML of the bot reaches the page as such. */
export function TelegramHtml({ html }: { html: string }) {
  return <>{parseTelegramHtml(html).map(renderNode)}</>;
}
