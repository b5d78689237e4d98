import { z } from 'zod';

/** How the thread is told to listen; nothing else of the configuration reaches it. */
export const ThreadBrief = z.object({
  state: z.instanceof(SharedArrayBuffer),
  host: z.string(),
  port: z.number(),
  token: z.string().nullable(),
});
export type ThreadBrief = z.infer<typeof ThreadBrief>;

/** `render`: the metrics are wanted. */
export const FromThread = z.discriminatedUnion('type', [
  z.object({ type: z.literal('listening'), port: z.number() }),
  z.object({ type: z.literal('failed'), message: z.string() }),
  z.object({ type: z.literal('render') }),
]);
export type FromThread = z.infer<typeof FromThread>;

/** The answer to `render`: text 0.0.4, or null when there is none now. */
export const ToThread = z.object({ type: z.literal('rendered'), text: z.string().nullable() });
export type ToThread = z.infer<typeof ToThread>;
