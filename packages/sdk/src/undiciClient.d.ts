/** undici publishes no types for the file that holds its `Client` alone; see transport/connect.ts. */
declare module 'undici/lib/dispatcher/client.js' {
  export { Client as default } from 'undici';
}
