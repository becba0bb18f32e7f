/** Neighbours, ancestors and descendants of nodes by their index. */
export class Reach {
  constructor(count, edges) {
    this.inputs = Array.from({ length: count }, () => []);
    this.readers = Array.from({ length: count }, () => []);
    for (const { from, to } of edges) {
      this.inputs[to].push(from);
      this.readers[from].push(to);
    }
  }
  #all(start, next) {
    const seen = new Set();
    const open = [start];
    while (open.length) for (const other of next[open.pop()]) if (!seen.has(other)) { seen.add(other); open.push(other); }
    return seen;
  }
  above(node) { return this.#all(node, this.inputs); }
  below(node) { return this.#all(node, this.readers); }
}
