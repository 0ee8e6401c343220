/** What came of a task: over, or to be looked at again later. */
export type TaskEnd =
  | { readonly kind: 'over'; readonly note: string }
  | { readonly kind: 'again'; readonly in: number; readonly note: string };
