// Play: one lever swept through its range and back to where it stood.

export const SECONDS = 6;

export class Player {
  constructor(engine, lever) {
    this.engine = engine;
    this.lever = lever;
    this.stopOnKey = (event) => event.key === "Escape" && this.stop();
  }

  /** `told` hears each start and stop. */
  toggle(told) {
    this.told = told;
    if (this.running) this.stop();
    else this.start();
  }

  start() {
    const { engine } = this;
    const { key, low, high, step } = this.lever;
    const home = engine.signals[key];
    const steps = Math.round((high - low) / step);
    const calm = globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches;
    const stops = calm ? 6 : Math.min(steps, SECONDS * 60);
    let i = 0;
    this.running = { home, key };
    globalThis.addEventListener("keydown", this.stopOnKey);
    const next = () => {
      if (i > stops) return this.stop();
      const value = low + step * Math.round((steps * i) / stops);
      engine.set({ [key]: Number(value.toPrecision(12)) });
      i += 1;
      this.timer = setTimeout(next, (1000 * SECONDS) / stops);
    };
    next();
    this.told();
  }

  stop() {
    if (!this.running) return;
    clearTimeout(this.timer);
    globalThis.removeEventListener("keydown", this.stopOnKey);
    const { home, key } = this.running;
    this.running = null;
    this.engine.set({ [key]: home });
    this.told?.();
  }
}
