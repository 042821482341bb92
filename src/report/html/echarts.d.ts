/** The package types its modules, and not the one file that holds them all. */
declare module "echarts/dist/echarts.esm.min.mjs" {
  export { init } from "echarts/core";
}
