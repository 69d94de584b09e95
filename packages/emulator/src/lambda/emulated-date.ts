import type { EmulatedTime } from "../emulated-time.ts";

/**
 * Makes `Date` in this thread follow the emulated time. Timers and `performance` do not. Dates that Node.js creates, such as
 * those of files, remain instances of `Date`.
 */
export function emulateDate({ movedBy }: Pick<EmulatedTime, "movedBy">): void {
  const systemNow = Date.now;
  Date.now = () => systemNow() + movedBy();
  const emulated = new Proxy(Date, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [target.now()] : values, newTarget),
    apply: (target) => new target(target.now()).toString(),
  });
  Date.prototype.constructor = emulated;
  globalThis.Date = emulated;
}
