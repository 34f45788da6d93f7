import { number, object, optional, type Shape } from '../../shape/shape.ts';

const usd = (doc: string, example: number): Shape<number> => number({ doc, example, min: 0 });
const output = optional(usd('Candidates and thoughts.', 3.75));
const cached = optional(usd('Input from a cache; default: as other input.', 0.075));

/** What a model's tokens cost, as a suite says it: USD for a million. */
export const priceShape = object({
  input: usd('Prompt tokens.', 0.75),
  output,
  cached,
  audio: optional(usd('Prompt tokens of sound; default: as other input.', 1)),
  cachedAudio: optional(usd('Those from a cache; default: as other cached input.', 0.1)),
  image: optional(usd('Prompt tokens of images; default: as other input.', 0.45)),
  video: optional(usd('Prompt tokens of film; default: as other input.', 12)),
  long: optional(
    object(
      {
        above: number({
          doc: 'If the prompt has more tokens than this, these prices apply to the whole request.',
          example: 200_000,
          min: 0,
          integer: true,
        }),
        input: usd('Prompt tokens.', 4),
        output,
        cached,
      },
      { doc: 'The prices for long prompts.', example: { above: 200_000, input: 4, output: 18, cached: 0.4 } },
    ),
  ),
});
