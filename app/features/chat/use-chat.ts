import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { ChatState } from '#server/contracts/chat.ts';
import { useTRPCClient } from '../../lib/trpc.ts';
import { mergeChat } from './merge-chat.ts';

const CHAT_REFRESH_MS = 1_000;
const CHAT_KEY = ['sandbox-chat'] as const;

export interface LiveChat {
  readonly chat: ChatState;
  readonly isStale: boolean;
  /** Looks at once, as after sending. */
  refresh(): Promise<void>;
}

/** The chat as the loader read it, then the changes since, every second. */
export function useChat(initial: ChatState): LiveChat {
  const client = useTRPCClient();
  const queryClient = useQueryClient();
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
    refetchInterval: CHAT_REFRESH_MS,
    gcTime: 0,
    retry: false,
    networkMode: 'always',
  });
  const refresh = useCallback(() => queryClient.invalidateQueries({ queryKey: CHAT_KEY }), [queryClient]);
  return { chat: query.data, isStale: query.isError, refresh };
}
