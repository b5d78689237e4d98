import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import type { ChatState } from '#server/contracts/chat.ts';
import { useTRPCClient } from '../../lib/trpc.ts';
import { mergeChat } from './merge-chat.ts';

const CHAT_REFRESH_MS = 1_000;
/** The bot answers within a moment of what was sent: for so long its answer is looked for so often. */
const EAGER_REFRESH_MS = 150;
const EAGER_FOR_MS = 5_000;
/** A bot that types is about to answer. */
const TYPING_REFRESH_MS = 300;
const CHAT_KEY = ['sandbox-chat'] as const;

export interface LiveChat {
  readonly chat: ChatState;
  readonly isStale: boolean;
  /** Looks at once and often for a while, as after sending. */
  refresh(): Promise<void>;
}

/** The chat as the loader read it, then the changes since, every second, and more often while an answer is due. */
export function useChat(initial: ChatState): LiveChat {
  const client = useTRPCClient();
  const queryClient = useQueryClient();
  const eagerUntilMs = useRef(0);
  const query = useQuery({
    queryKey: CHAT_KEY,
    queryFn: async ({ signal }) => {
      const known = queryClient.getQueryData<ChatState>(CHAT_KEY) ?? initial;
      const news = await client.chat.list.query({ after: known.sequence }, { signal });
      if (news.sequence >= known.sequence) return mergeChat(known, news);
      // The stand-in was started anew: what it holds now is all there is.
      return client.chat.list.query({ after: 0 }, { signal });
    },
    initialData: initial,
    refetchInterval: ({ state }) => {
      if (state.error) return CHAT_REFRESH_MS;
      if (Date.now() < eagerUntilMs.current) return EAGER_REFRESH_MS;
      return state.data?.isTyping ? TYPING_REFRESH_MS : CHAT_REFRESH_MS;
    },
    gcTime: 0,
    retry: false,
    networkMode: 'always',
  });
  const refresh = useCallback(() => {
    eagerUntilMs.current = Date.now() + EAGER_FOR_MS;
    return queryClient.invalidateQueries({ queryKey: CHAT_KEY });
  }, [queryClient]);
  return { chat: query.data, isStale: query.isError, refresh };
}
