// Lays a gzip of each text file beside it, so that the server sends what was compressed once, and well.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants, gzipSync } from 'node:zlib'

const assets = new URL('../dist/assets/', import.meta.url)
const names = readdirSync(assets).filter((name) => /\.(js|css|svg)$/.test(name))
for (const name of names) {
  const packed = gzipSync(readFileSync(new URL(name, assets)), { level: constants.Z_BEST_COMPRESSION })
  writeFileSync(new URL(`${name}.gz`, assets), packed)
}
console.log(`${names.length} files compressed`)
