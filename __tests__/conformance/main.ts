import { App } from "cdktf";
import { addFixture } from "./fixture/probe-stack.ts";

const app = new App();
addFixture(app);
app.synth();
