#include "pyencoding.h"

#include <stdbool.h>
#include <string.h>

/* No name in the tables is longer. */
#define NAME_MAX_LENGTH 40

struct named {
	enum revchain_pyencoding encoding;
	const char *names; /* normalized, with a space in front of and behind each */
};

static const struct named encodings[] = {
	{REVCHAIN_PYENCODING_UTF8, " utf_8 utf8 u8 utf utf8_ucs2 utf8_ucs4 cp65001 utf_8_sig "},
	{REVCHAIN_PYENCODING_ASCII,
	 " ascii us_ascii us 646 ansi_x3_4_1968 ansi_x3_4_1986 cp367 csascii ibm367 iso646_us "
	 "iso_646_irv_1991 iso_ir_6 "},
	{REVCHAIN_PYENCODING_LATIN1,
	 " latin_1 latin1 latin l1 8859 cp819 ibm819 csisolatin1 iso8859 iso8859_1 iso_8859_1 "
	 "iso_8859_1_1987 iso_ir_100 "},
	{REVCHAIN_PYENCODING_LATIN9, " iso8859_15 iso_8859_15 l9 latin9 "},
	{REVCHAIN_PYENCODING_CP1252, " cp1252 1252 windows_1252 "},
	{REVCHAIN_PYENCODING_OPAQUE,
	 " iso8859_2 iso_8859_2 iso_8859_2_1987 iso_ir_101 csisolatin2 l2 latin2 "
	 "iso8859_3 iso_8859_3 iso_8859_3_1988 iso_ir_109 csisolatin3 l3 latin3 "
	 "iso8859_4 iso_8859_4 iso_8859_4_1988 iso_ir_110 csisolatin4 l4 latin4 "
	 "iso8859_5 iso_8859_5 iso_8859_5_1988 iso_ir_144 csisolatincyrillic cyrillic "
	 "iso8859_6 iso_8859_6 iso_8859_6_1987 iso_ir_127 csisolatinarabic arabic asmo_708 "
	 "ecma_114 "
	 "iso8859_7 iso_8859_7 iso_8859_7_1987 iso_ir_126 csisolatingreek greek greek8 ecma_118 "
	 "elot_928 "
	 "iso8859_8 iso_8859_8 iso_8859_8_1988 iso_ir_138 csisolatinhebrew hebrew "
	 "iso8859_9 iso_8859_9 iso_8859_9_1989 iso_ir_148 csisolatin5 l5 latin5 "
	 "iso8859_10 iso_8859_10 iso_8859_10_1992 iso_ir_157 csisolatin6 l6 latin6 "
	 "iso8859_11 iso_8859_11 iso_8859_11_2001 thai "
	 "iso8859_13 iso_8859_13 l7 latin7 "
	 "iso8859_14 iso_8859_14 iso_8859_14_1998 iso_ir_199 iso_celtic l8 latin8 "
	 "iso8859_16 iso_8859_16 iso_8859_16_2001 iso_ir_226 l10 latin10 "
	 "cp1250 1250 windows_1250 cp1251 1251 windows_1251 cp1253 1253 windows_1253 "
	 "cp1254 1254 windows_1254 cp1255 1255 windows_1255 cp1256 1256 windows_1256 "
	 "cp1257 1257 windows_1257 cp1258 1258 windows_1258 "
	 "cp437 437 ibm437 cspc8codepage437 cp720 cp737 cp775 775 ibm775 cspc775baltic "
	 "cp850 850 ibm850 cspc850multilingual cp852 852 ibm852 cspcp852 cp855 855 ibm855 csibm855 "
	 "cp856 cp857 857 ibm857 csibm857 cp858 858 ibm858 csibm858 cp860 860 ibm860 csibm860 "
	 "cp861 861 ibm861 csibm861 cp_is cp862 862 ibm862 cspc862latinhebrew "
	 "cp863 863 ibm863 csibm863 cp865 865 ibm865 csibm865 cp866 866 ibm866 csibm866 "
	 "cp869 869 ibm869 csibm869 cp_gr cp874 cp1125 1125 ibm1125 cp866u ruscii "
	 "koi8_r cskoi8r koi8_t koi8_u hp_roman8 roman8 r8 cp1051 ibm1051 "
	 "kz1048 kz_1048 rk1048 strk1048_2002 ptcp154 csptcp154 pt154 cp154 cyrillic_asian "
	 "tis_620 tis620 tis_620_0 tis_620_2529_0 tis_620_2529_1 iso_ir_166 "
	 "mac_roman macintosh macroman mac_croatian mac_cyrillic maccyrillic mac_greek macgreek "
	 "mac_iceland maciceland mac_latin2 maclatin2 maccentraleurope mac_centeuro mac_romanian "
	 "mac_turkish macturkish "
	 "euc_jp eucjp ujis u_jis euc_jis_2004 jisx0213 eucjis2004 euc_jis2004 "
	 "euc_jisx0213 eucjisx0213 "
	 "euc_kr euckr korean ksc5601 ks_c_5601 ks_c_5601_1987 ksx1001 ks_x_1001 x_mac_korean "
	 "gb2312 chinese csiso58gb231280 euc_cn euccn eucgb2312_cn gb2312_1980 gb2312_80 iso_ir_58 "
	 "x_mac_simp_chinese "},
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether the name is `plain`, or starts with it and a hyphen; underscores stand for hyphens. */
static bool has_form(const char *name, size_t length, const char *plain)
{
	size_t i, size = strlen(plain);

	if (length < size)
		return false;
	for (i = 0; i < size; i++)
		if ((name[i] == '_' ? '-' : lower(name[i])) != plain[i])
			return false;
	return length == size || name[size] == '-' || name[size] == '_';
}

int revchain_pyencoding_is_utf8_name(const char *name, size_t length)
{
	return has_form(name, length, "utf-8");
}

/*
 * Write the name as Python's table of aliases has it, with a space on both sides. A name that does
 * not fit is none of ours, and comes out empty.
 */
static void normalize(const char *name, size_t length, char *normalized)
{
	size_t i, used = 0;
	bool gap = false;

	normalized[used++] = ' ';
	for (i = 0; i < length; i++) {
		if (name[i] == '-' || name[i] == '_') {
			gap = true;
			continue;
		}
		if (gap && used > 1)
			normalized[used++] = '_';
		gap = false;
		normalized[used++] = name[i] == '.' ? '_' : lower(name[i]);
		if (used > NAME_MAX_LENGTH) {
			used = 0;
			break;
		}
	}
	normalized[used++] = ' ';
	normalized[used] = '\0';
}

enum revchain_pyencoding revchain_pyencoding_find(const char *name, size_t length)
{
	char normalized[NAME_MAX_LENGTH + 4];
	size_t i;

	if (revchain_pyencoding_is_utf8_name(name, length))
		return REVCHAIN_PYENCODING_UTF8;
	if (has_form(name, length, "latin-1") || has_form(name, length, "iso-8859-1") ||
	    has_form(name, length, "iso-latin-1"))
		return REVCHAIN_PYENCODING_LATIN1;
	normalize(name, length, normalized);
	if (strlen(normalized) < 3)
		return REVCHAIN_PYENCODING_UNSUPPORTED;
	for (i = 0; i < sizeof(encodings) / sizeof(*encodings); i++)
		if (strstr(encodings[i].names, normalized))
			return encodings[i].encoding;
	return REVCHAIN_PYENCODING_UNSUPPORTED;
}

static uint32_t decode_cp1252(unsigned char byte)
{
	static const uint16_t table[32] = {
		0x20AC, 0,	0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
		0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0,	0x017D, 0,
		0,	0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
		0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,	0x017E, 0x0178,
	};

	return byte < 0xA0 ? table[byte - 0x80] : byte;
}

static uint32_t decode_latin9(unsigned char byte)
{
	switch (byte) {
	case 0xA4:
		return 0x20AC;
	case 0xA6:
		return 0x0160;
	case 0xA8:
		return 0x0161;
	case 0xB4:
		return 0x017D;
	case 0xB8:
		return 0x017E;
	case 0xBC:
		return 0x0152;
	case 0xBD:
		return 0x0153;
	case 0xBE:
		return 0x0178;
	default:
		return byte;
	}
}

uint32_t revchain_pyencoding_decode(enum revchain_pyencoding encoding, unsigned char byte)
{
	switch (encoding) {
	case REVCHAIN_PYENCODING_CP1252:
		return decode_cp1252(byte);
	case REVCHAIN_PYENCODING_LATIN9:
		return decode_latin9(byte);
	default:
		return byte;
	}
}
