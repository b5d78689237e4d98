/** One model as the stand-in offers it; prices are US dollars per token. */
export interface CatalogueModel {
  readonly id: string;
  readonly name: string;
  readonly promptUsd: string;
  readonly completionUsd: string;
  readonly contextTokens: number;
  readonly modality: string;
  readonly tokenizer: string;
  readonly providers: readonly string[];
  /** Whether part of what it writes is thought that nobody sees and everybody pays for. */
  readonly hasReasoning: boolean;
}

/** Well-known models and their list prices at OpenRouter, as its `/models` gave them in March 2026. */
export const CATALOGUE: readonly CatalogueModel[] = [
  {
    id: 'openai/gpt-4o-mini', name: 'OpenAI: GPT-4o-mini', promptUsd: '0.00000015', completionUsd: '0.0000006',
    contextTokens: 128_000, modality: 'text+image+file->text', tokenizer: 'GPT', providers: ['OpenAI', 'Azure'], hasReasoning: false,
  },
  {
    id: 'openai/gpt-4o', name: 'OpenAI: GPT-4o', promptUsd: '0.0000025', completionUsd: '0.00001',
    contextTokens: 128_000, modality: 'text+image+file->text', tokenizer: 'GPT', providers: ['OpenAI', 'Azure'], hasReasoning: false,
  },
  {
    id: 'openai/gpt-4.1', name: 'OpenAI: GPT-4.1', promptUsd: '0.000002', completionUsd: '0.000008',
    contextTokens: 1_047_576, modality: 'text+image+file->text', tokenizer: 'GPT', providers: ['OpenAI', 'Azure'], hasReasoning: false,
  },
  {
    id: 'openai/gpt-4.1-mini', name: 'OpenAI: GPT-4.1 Mini', promptUsd: '0.0000004', completionUsd: '0.0000016',
    contextTokens: 1_047_576, modality: 'text+image+file->text', tokenizer: 'GPT', providers: ['OpenAI', 'Azure'], hasReasoning: false,
  },
  {
    id: 'openai/gpt-4.1-nano', name: 'OpenAI: GPT-4.1 Nano', promptUsd: '0.0000001', completionUsd: '0.0000004',
    contextTokens: 1_047_576, modality: 'text+image+file->text', tokenizer: 'GPT', providers: ['OpenAI', 'Azure'], hasReasoning: false,
  },
  {
    id: 'openai/gpt-5-mini', name: 'OpenAI: GPT-5 Mini', promptUsd: '0.00000025', completionUsd: '0.000002',
    contextTokens: 400_000, modality: 'text+image+file->text', tokenizer: 'GPT', providers: ['OpenAI', 'Azure'], hasReasoning: true,
  },
  {
    id: 'openai/gpt-5-nano', name: 'OpenAI: GPT-5 Nano', promptUsd: '0.00000005', completionUsd: '0.0000004',
    contextTokens: 400_000, modality: 'text+image+file->text', tokenizer: 'GPT', providers: ['OpenAI', 'Azure'], hasReasoning: true,
  },
  {
    id: 'openai/gpt-5.1', name: 'OpenAI: GPT-5.1', promptUsd: '0.00000125', completionUsd: '0.00001',
    contextTokens: 400_000, modality: 'text+image+file->text', tokenizer: 'GPT', providers: ['OpenAI', 'Azure'], hasReasoning: true,
  },
  {
    id: 'openai/gpt-oss-20b', name: 'OpenAI: gpt-oss-20b', promptUsd: '0.00000003', completionUsd: '0.00000014',
    contextTokens: 131_072, modality: 'text->text', tokenizer: 'GPT', providers: ['DeepInfra', 'Novita', 'Groq'], hasReasoning: true,
  },
  {
    id: 'openai/gpt-oss-120b', name: 'OpenAI: gpt-oss-120b', promptUsd: '0.000000039', completionUsd: '0.00000019',
    contextTokens: 131_072, modality: 'text->text', tokenizer: 'GPT', providers: ['DeepInfra', 'Novita', 'Groq'], hasReasoning: true,
  },
  {
    id: 'openai/gpt-oss-120b:free', name: 'OpenAI: gpt-oss-120b (free)', promptUsd: '0', completionUsd: '0',
    contextTokens: 131_072, modality: 'text->text', tokenizer: 'GPT', providers: ['DeepInfra', 'Novita', 'Groq'], hasReasoning: true,
  },
  {
    id: 'anthropic/claude-3.5-haiku', name: 'Anthropic: Claude 3.5 Haiku', promptUsd: '0.0000008', completionUsd: '0.000004',
    contextTokens: 200_000, modality: 'text+image->text', tokenizer: 'Claude', providers: ['Anthropic', 'Amazon Bedrock', 'Google'], hasReasoning: false,
  },
  {
    id: 'anthropic/claude-haiku-4.5', name: 'Anthropic: Claude Haiku 4.5', promptUsd: '0.000001', completionUsd: '0.000005',
    contextTokens: 200_000, modality: 'text+image->text', tokenizer: 'Claude', providers: ['Anthropic', 'Amazon Bedrock', 'Google'], hasReasoning: false,
  },
  {
    id: 'anthropic/claude-sonnet-4.5', name: 'Anthropic: Claude Sonnet 4.5', promptUsd: '0.000003', completionUsd: '0.000015',
    contextTokens: 1_000_000, modality: 'text+image+file->text', tokenizer: 'Claude', providers: ['Anthropic', 'Amazon Bedrock', 'Google'], hasReasoning: false,
  },
  {
    id: 'anthropic/claude-opus-4.5', name: 'Anthropic: Claude Opus 4.5', promptUsd: '0.000005', completionUsd: '0.000025',
    contextTokens: 200_000, modality: 'text+image+file->text', tokenizer: 'Claude', providers: ['Anthropic', 'Amazon Bedrock', 'Google'], hasReasoning: false,
  },
  {
    id: 'google/gemini-2.0-flash-001', name: 'Google: Gemini 2.0 Flash', promptUsd: '0.0000001', completionUsd: '0.0000004',
    contextTokens: 1_048_576, modality: 'text+image+file+audio+video->text', tokenizer: 'Gemini', providers: ['Google', 'Google AI Studio'], hasReasoning: false,
  },
  {
    id: 'google/gemini-2.5-flash', name: 'Google: Gemini 2.5 Flash', promptUsd: '0.0000003', completionUsd: '0.0000025',
    contextTokens: 1_048_576, modality: 'text+image+file+audio+video->text', tokenizer: 'Gemini', providers: ['Google', 'Google AI Studio'], hasReasoning: false,
  },
  {
    id: 'google/gemini-2.5-flash-lite', name: 'Google: Gemini 2.5 Flash Lite', promptUsd: '0.0000001', completionUsd: '0.0000004',
    contextTokens: 1_048_576, modality: 'text+image+file+audio+video->text', tokenizer: 'Gemini', providers: ['Google', 'Google AI Studio'], hasReasoning: false,
  },
  {
    id: 'google/gemini-2.5-pro', name: 'Google: Gemini 2.5 Pro', promptUsd: '0.00000125', completionUsd: '0.00001',
    contextTokens: 1_048_576, modality: 'text+image+file+audio+video->text', tokenizer: 'Gemini', providers: ['Google', 'Google AI Studio'], hasReasoning: true,
  },
  {
    id: 'google/gemini-3-flash-preview', name: 'Google: Gemini 3 Flash Preview', promptUsd: '0.0000005', completionUsd: '0.000003',
    contextTokens: 1_048_576, modality: 'text+image+file+audio+video->text', tokenizer: 'Gemini', providers: ['Google', 'Google AI Studio'], hasReasoning: true,
  },
  {
    id: 'deepseek/deepseek-chat-v3.1', name: 'DeepSeek: DeepSeek V3.1', promptUsd: '0.00000015', completionUsd: '0.00000075',
    contextTokens: 32_768, modality: 'text->text', tokenizer: 'DeepSeek', providers: ['DeepSeek', 'DeepInfra', 'Novita'], hasReasoning: false,
  },
  {
    id: 'deepseek/deepseek-r1', name: 'DeepSeek: R1', promptUsd: '0.0000007', completionUsd: '0.0000025',
    contextTokens: 64_000, modality: 'text->text', tokenizer: 'DeepSeek', providers: ['DeepSeek', 'DeepInfra', 'Novita'], hasReasoning: true,
  },
  {
    id: 'deepseek/deepseek-v3.2', name: 'DeepSeek: DeepSeek V3.2', promptUsd: '0.00000025', completionUsd: '0.0000004',
    contextTokens: 163_840, modality: 'text->text', tokenizer: 'DeepSeek', providers: ['DeepSeek', 'DeepInfra', 'Novita'], hasReasoning: false,
  },
  {
    id: 'meta-llama/llama-3.3-70b-instruct', name: 'Meta: Llama 3.3 70B Instruct', promptUsd: '0.0000001', completionUsd: '0.00000032',
    contextTokens: 131_072, modality: 'text->text', tokenizer: 'Llama3', providers: ['Together', 'DeepInfra', 'Groq'], hasReasoning: false,
  },
  {
    id: 'meta-llama/llama-4-maverick', name: 'Meta: Llama 4 Maverick', promptUsd: '0.00000015', completionUsd: '0.0000006',
    contextTokens: 1_048_576, modality: 'text+image->text', tokenizer: 'Llama4', providers: ['Together', 'DeepInfra', 'Groq'], hasReasoning: false,
  },
  {
    id: 'mistralai/mistral-medium-3.1', name: 'Mistral: Mistral Medium 3.1', promptUsd: '0.0000004', completionUsd: '0.000002',
    contextTokens: 131_072, modality: 'text+image->text', tokenizer: 'Mistral', providers: ['Mistral'], hasReasoning: false,
  },
  {
    id: 'mistralai/mistral-nemo', name: 'Mistral: Mistral Nemo', promptUsd: '0.00000002', completionUsd: '0.00000004',
    contextTokens: 131_072, modality: 'text->text', tokenizer: 'Mistral', providers: ['Mistral'], hasReasoning: false,
  },
  {
    id: 'qwen/qwen3-235b-a22b-2507', name: 'Qwen: Qwen3 235B A22B Instruct 2507', promptUsd: '0.000000071', completionUsd: '0.0000001',
    contextTokens: 262_144, modality: 'text->text', tokenizer: 'Qwen3', providers: ['Alibaba', 'DeepInfra', 'Novita'], hasReasoning: false,
  },
  {
    id: 'qwen/qwen-turbo', name: 'Qwen: Qwen-Turbo', promptUsd: '0.0000000325', completionUsd: '0.00000013',
    contextTokens: 131_072, modality: 'text->text', tokenizer: 'Qwen', providers: ['Alibaba', 'DeepInfra', 'Novita'], hasReasoning: false,
  },
  {
    id: 'qwen/qwen-2.5-72b-instruct', name: 'Qwen2.5 72B Instruct', promptUsd: '0.00000012', completionUsd: '0.00000039',
    contextTokens: 32_768, modality: 'text->text', tokenizer: 'Qwen', providers: ['Alibaba', 'DeepInfra', 'Novita'], hasReasoning: false,
  },
];

/** Used when a request names no model, and what the router picks. */
export const DEFAULT_MODEL_ID = 'openai/gpt-4o-mini';

/** The pseudo-model that picks one; its price is the sentinel `-1`. */
export const ROUTER_MODEL_ID = 'openrouter/auto';

const modelsById = new Map(CATALOGUE.map((model) => [model.id, model]));

/** Suffixes that change routing, not the model. */
const ROUTING_SUFFIX = /:(nitro|floor|online|exacto)$/;

/** The model that serves a name; undefined when there is none. */
export function findModel(name: string): CatalogueModel | undefined {
  if (name === ROUTER_MODEL_ID) return modelsById.get(DEFAULT_MODEL_ID);
  return modelsById.get(name) ?? modelsById.get(name.replace(ROUTING_SUFFIX, ''));
}
