import { data, type LoaderFunctionArgs, type MetaFunction } from '@remix-run/node';
import { useLoaderData } from '@remix-run/react';
import { GetGenerationInput } from '#server/contracts/generations.ts';
import { StoryPage } from '../features/generations/story-page.tsx';
import { callApi, requireSession } from '../lib/guard.server.ts';
import { pageTitle } from '../lib/page-title.ts';

export const meta: MetaFunction = ({ matches }) => pageTitle(matches, (texts) => texts.generations.story.title);

export async function loader({ request, context, params }: LoaderFunctionArgs) {
  requireSession(context, request);
  const input = GetGenerationInput.safeParse(params);
  if (!input.success) throw data(null, { status: 404 });
  return { story: await callApi(request, () => context.api.generations.get(input.data)) };
}

export default function GenerationRoute() {
  return <StoryPage story={useLoaderData<typeof loader>().story} />;
}
