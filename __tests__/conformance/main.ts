import { App } from "cdktf";
import { addFixture } from "./fixture/add-fixture.ts";

const app = new App();
addFixture(app);
app.synth();
