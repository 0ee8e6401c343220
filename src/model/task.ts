/** Durable work with a due time that holds nobody up. */
export type Task =
  | { readonly kind: 'retire'; readonly version: string }
  | { readonly kind: 'bake'; readonly version: string; readonly operation: string }
  | { readonly kind: 'backup' }
  | { readonly kind: 'notify'; readonly operation: string };

export type TaskKind = Task['kind'];

export interface ScheduledTask {
  readonly id: number;
  readonly service: string;
  readonly task: Task;
  readonly due: number;
  readonly attempts: number;
}
