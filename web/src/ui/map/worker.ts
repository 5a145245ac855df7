// MapLibre's worker (CSP build), with what old browsers lack in front of it.
import '@/kernel/old'
import 'maplibre-gl/dist/maplibre-gl-csp-worker.js'
