/** The library brings no types. */
declare module 'ml-isolation-forest' {
  export class IsolationForest {
    constructor(options?: { nEstimators?: number });
    train(rows: number[][]): void;
    /** 0 to 1 for each row. */
    predict(rows: number[][]): number[];
  }
}
