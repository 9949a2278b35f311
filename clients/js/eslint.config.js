// The rules of the page, for the client.
import page, { scripts } from "../web/eslint.config.js";

export default [...page.slice(0, 2), scripts("src/*.js")];
