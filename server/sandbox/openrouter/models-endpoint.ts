import type { RequestHandler } from 'express';
import { CATALOGUE, type CatalogueModel, ROUTER_MODEL_ID } from './model-catalogue.ts';

const CREATED_AT_SECONDS = 1_772_000_000;
const COMPLETION_TOKENS_MAX = 16_384;
const SUPPORTED_PARAMETERS = [
  'frequency_penalty',
  'max_tokens',
  'presence_penalty',
  'response_format',
  'seed',
  'stop',
  'temperature',
  'top_p',
];

/** The router's price is the sentinel of a dynamic price: it depends on the model that it picks. */
const ROUTER: CatalogueModel = {
  id: ROUTER_MODEL_ID,
  name: 'Auto Router',
  promptUsd: '-1',
  completionUsd: '-1',
  contextTokens: 2_000_000,
  modality: 'text->text',
  tokenizer: 'Router',
  providers: [],
  hasReasoning: false,
};

const LISTINGS = [ROUTER, ...CATALOGUE].map(describeModel);

/** `GET /models`: all in one page, as OpenRouter does. */
export const answerModels: RequestHandler = (_req, res) => {
  res.json({ data: LISTINGS, total_count: LISTINGS.length, links: { next: null } });
};

/** `GET /models/count`. */
export const answerModelCount: RequestHandler = (_req, res) => {
  res.json({ data: { count: LISTINGS.length } });
};

function describeModel(model: CatalogueModel): Record<string, unknown> {
  const [inputs = 'text', outputs = 'text'] = model.modality.split('->');
  return {
    id: model.id,
    canonical_slug: model.id,
    name: model.name,
    created: CREATED_AT_SECONDS,
    description: `${model.name}, as the sandbox offers it.`,
    context_length: model.contextTokens,
    architecture: {
      modality: model.modality,
      input_modalities: inputs.split('+'),
      output_modalities: outputs.split('+'),
      tokenizer: model.tokenizer,
      instruct_type: null,
    },
    pricing: { prompt: model.promptUsd, completion: model.completionUsd },
    top_provider: { context_length: model.contextTokens, max_completion_tokens: COMPLETION_TOKENS_MAX, is_moderated: false },
    per_request_limits: null,
    supported_parameters: SUPPORTED_PARAMETERS,
    default_parameters: null,
    supported_voices: null,
    expiration_date: null,
    knowledge_cutoff: null,
    hugging_face_id: null,
    links: { details: `/api/v1/models/${model.id}/endpoints` },
  };
}
