import { once } from "node:events";
import { WebSocket } from "ws";
import { Answers, type Dial } from "./line.ts";

/** Lines that are WebSockets. */
export const dialing =
  (url: string): Dial =>
  async (caller, hear) => {
    const { protocol } = caller;
    const socket = new WebSocket(url, protocol === "plain" ? [] : [protocol], { perMessageDeflate: false });
    const answers = new Answers();
    socket.on("message", (data) => {
      const text = String(data);
      if (!answers.take(text)) hear(text);
    });
    await once(socket, "open");
    const closed = once(socket, "close");
    const end = async (how: "close" | "terminate"): Promise<void> => {
      socket[how]();
      answers.end();
      await closed;
    };
    return {
      ask(frame) {
        if (socket.readyState !== WebSocket.OPEN) return Promise.resolve(undefined);
        const { text, answer } = answers.expect(frame);
        socket.send(text);
        return answer;
      },
      hangUp: () => end("close"),
      die: () => end("terminate"),
    };
  };
