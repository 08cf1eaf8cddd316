/** Where calls are counted that get no series of their own, and who they are of that are not told apart. */
export const OTHER_SERIES = '__other__';
