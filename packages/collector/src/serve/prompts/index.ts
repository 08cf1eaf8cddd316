/** All prompts. */
import type { PromptDefinition } from './definePrompt.ts';
import { explainAlert } from './explainAlert.ts';
import { whatGotSlower } from './whatGotSlower.ts';

export const PROMPTS: readonly PromptDefinition[] = [whatGotSlower, explainAlert];

export function findPrompt(name: string): PromptDefinition | undefined {
  return PROMPTS.find((prompt) => prompt.name === name);
}
