/**
 * The antd components whose CSS is generated. A component that is imported but not listed here is unstyled,
 * so a test holds this list against the imports in `app/`.
 */
export const ANTD_COMPONENTS = ['Alert', 'Button', 'Card', 'Input', 'Tag'];
