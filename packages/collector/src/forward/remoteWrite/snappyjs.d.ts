/** The package has no types of its own. */
declare module 'snappyjs' {
  export function compress(bytes: Uint8Array): Uint8Array;
  /** @throws Error for what is no snappy block, or would become longer than `maxLength` */
  export function uncompress(bytes: Uint8Array, maxLength?: number): Uint8Array;
}
