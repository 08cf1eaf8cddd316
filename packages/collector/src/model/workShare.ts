/** Which servers' background work is this collector's: alone it is all of them, beside others a share. */
export interface WorkShare {
  owns(server: string): boolean;
  /** Whether the others count on this collector: only then may it tell people anything. */
  isLive(): boolean;
  /**
   * Told when the share has changed (`shares`), when the others had taken this collector for dead (`rejoined`), and when
   * somebody has changed what others remember: `threshold`, `alert` or a kind of item. Returns what ends it.
   */
  onChange(listener: (changed: ReadonlySet<string>) => void): () => void;
}

/** Alone with its store. */
export const WHOLE_SHARE: WorkShare = { owns: () => true, isLive: () => true, onChange: () => () => {} };
