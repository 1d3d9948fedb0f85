import {
  ActionIcon,
  Button,
  createTheme,
  type MantineColorsTuple,
  SegmentedControl,
  Select,
  TextInput,
} from '@mantine/core';

/** The one accent. State colours are apart from it, in styles.css. */
const tide: MantineColorsTuple = [
  '#e8f5f8',
  '#cfe8ee',
  '#9fd2de',
  '#6bbbcd',
  '#45a8bf',
  '#2f9cb5',
  '#17839d',
  '#0b6b7d',
  '#085868',
  '#054654',
];

/** Mantine's dark greys are warm; the desk's are the same cool ones as in styles.css. */
const night: MantineColorsTuple = [
  '#e9eef0',
  '#cdd5d8',
  '#b3bdc2',
  '#8f9ba1',
  '#3d484d',
  '#2a3337',
  '#1e2528',
  '#191f22',
  '#151a1d',
  '#101416',
];

export const theme = createTheme({
  primaryColor: 'tide',
  primaryShade: 7,
  colors: { tide, dark: night },
  fontFamily: "'Pretendard Variable', Pretendard, system-ui, sans-serif",
  fontFamilyMonospace: "'Pretendard Variable', ui-monospace, monospace",
  headings: { fontFamily: "'Pretendard Variable', Pretendard, system-ui, sans-serif", fontWeight: '700' },
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '5px', md: '7px', lg: '10px', xl: '14px' },
  defaultRadius: 'sm',
  respectReducedMotion: true,
  cursorType: 'pointer',
  components: {
    Button: Button.extend({ defaultProps: { size: 'xs' } }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 28 } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'xs' } }),
    Select: Select.extend({ defaultProps: { size: 'xs' } }),
    SegmentedControl: SegmentedControl.extend({ defaultProps: { size: 'xs' } }),
  },
});
