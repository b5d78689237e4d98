import { Fragment, type ReactNode } from 'react';
import { parseTelegramHtml, type TelegramNode } from './parse-telegram-html.ts';

function renderNode(node: TelegramNode, index: number): ReactNode {
  if (typeof node === 'string') return <Fragment key={index}>{node}</Fragment>;
  const Tag = node.tag;
  return <Tag key={index}>{node.children.map(renderNode)}</Tag>;
}

/** A message of the bot with its markup, built as elements: no HTML of the bot reaches the page as such. */
export function TelegramHtml({ html }: { html: string }) {
  return <>{parseTelegramHtml(html).map(renderNode)}</>;
}
