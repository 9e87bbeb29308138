// Undo and redo over settled scenarios.

export class History {
  constructor(first) {
    this.past = [];
    this.present = first;
    this.future = [];
  }

  push(scenario) {
    if (same(scenario, this.present)) return;
    this.past.push(this.present);
    if (this.past.length > 200) this.past.shift();
    this.present = scenario;
    this.future = [];
  }

  undo() {
    if (!this.past.length) return null;
    this.future.push(this.present);
    return (this.present = this.past.pop());
  }

  redo() {
    if (!this.future.length) return null;
    this.past.push(this.present);
    return (this.present = this.future.pop());
  }
}

export const same = (a, b) => Object.keys(a).every((key) => a[key] === b[key]);
