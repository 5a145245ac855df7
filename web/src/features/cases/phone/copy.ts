// Copying is the kernel's.
export { copyText } from '@/kernel/copy'
