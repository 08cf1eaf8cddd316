/** A state by a dot and a word, never by the colour alone. */
export type Tone = 'good' | 'warn' | 'bad' | 'calm';

const TONES: Record<string, Tone> = {
  healthy: 'good',
  degraded: 'warn',
  critical: 'bad',
  warning: 'warn',
  active: 'bad',
  escalated: 'bad',
  acknowledged: 'calm',
};

export function toneOf(word: string): Tone {
  return Object.hasOwn(TONES, word) ? TONES[word]! : 'calm';
}

export function Status({ word }: { word: string }) {
  return (
    <span class={`status tone-${toneOf(word)}`}>
      <span class="dot" aria-hidden="true" />
      {word.charAt(0).toUpperCase() + word.slice(1)}
    </span>
  );
}
