export { help, main } from "./main.ts";
