/** Key of antd's CSS variables: the class that carries them. Fixed, so that the server's and the browser's markup agree. */
export const CSS_VARIABLE_KEY = 'app';

/** Design tokens of both themes; the rest follows from antd's algorithms. */
export const THEME_TOKENS = {
  colorPrimary: '#4f46b8',
  colorLink: '#4f46b8',
  borderRadius: 8,
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Helvetica Neue', Arial, sans-serif",
};

/** What the dark theme sets otherwise: lighter accents keep the contrast at 4.5 to 1. */
export const DARK_THEME_TOKENS = {
  ...THEME_TOKENS,
  colorPrimary: '#7a70e0',
  colorLink: '#a49cf5',
  colorBgLayout: '#0f1014',
  colorBgContainer: '#191b21',
  colorBorderSecondary: '#2b2e37',
};
