import { styleText } from 'node:util';
import { WriteStream } from 'node:tty';

/** Styles of text; without colours each returns its text as it is. */
export interface Paint {
  readonly isColoured: boolean;
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly accent: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

/** Makes the styles, with colours or without. */
export function createPaint(isColoured: boolean): Paint {
  const style = (format: Format) => (text: string) =>
    isColoured ? styleText(format, text, { validateStream: false }) : text;
  return {
    isColoured,
    bold: style('bold'),
    dim: style('dim'),
    good: style('green'),
    warn: style('yellow'),
    bad: style('red'),
    accent: style('cyan'),
  };
}

type Env = Readonly<Record<string, string | undefined>>;

/** Whether to colour a stream: on a terminal that has colours, unless NO_COLOR is set, or anywhere with FORCE_COLOR. */
export function hasColours({ isTTY = false }: { readonly isTTY?: boolean }, env: Env): boolean {
  const { NO_COLOR: off, FORCE_COLOR: on, ...rest } = env;
  const hasDepth = (told: Env): boolean => WriteStream.prototype.getColorDepth({ ...rest, ...told }) > 1;
  if (on !== undefined) return hasDepth({ FORCE_COLOR: on });
  return isTTY && (off ?? '') === '' && hasDepth({});
}
