export { asControl, type OwnControl, type OwnControls, openOwnControls } from "./open.ts";
