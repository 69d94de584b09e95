import { expect } from "chai";
import { UserStorage } from "../../../web/state/user-storage.ts";

describe("what the page remembers of a user", () => {
  const former = Object.getOwnPropertyDescriptor(globalThis, "localStorage");
  const define = (get: () => Partial<Storage>): void => {
    Object.defineProperty(globalThis, "localStorage", { get, configurable: true });
  };
  afterEach(() => {
    if (former) Object.defineProperty(globalThis, "localStorage", former);
    else Reflect.deleteProperty(globalThis, "localStorage");
  });

  it("lasts until a reload if the storage is disabled", () => {
    define(() => {
      throw new Error("The operation is insecure.");
    });
    const storage = new UserStorage("anna");
    expect(storage.read("name", "none")).to.equal("none");
    storage.write("name", "anna");
    expect(storage.read("name", "none")).to.equal("anna");
    storage.forget();
    expect(storage.read("name", "none")).to.equal("none");
  });

  it("is the latest value if the storage is full", () => {
    define(() => ({
      getItem: () => '"the former draft"',
      setItem: () => {
        throw new Error("The quota has been exceeded.");
      },
    }));
    const storage = new UserStorage("anna");
    storage.write("drafts", "the latest draft");
    expect(storage.read("drafts", "")).to.equal("the latest draft");
  });

  it("is absent if it is not JSON", () => {
    define(() => ({ getItem: () => "{" }));
    expect(new UserStorage("anna").read("channels", ["lobby"])).to.deep.equal(["lobby"]);
  });
});
