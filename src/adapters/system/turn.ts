/** Lets every callback that is ready in this process run, once. */
export function systemTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
