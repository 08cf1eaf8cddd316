export async function check(_seed: number, _all: boolean): Promise<void> {}
