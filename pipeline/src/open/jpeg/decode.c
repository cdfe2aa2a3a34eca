/* Decodes a JPEG with libjpeg.
 *
 * libjpeg reports an error by calling a function that must not return, and what
 * it noticed by numbers in structures whose layout depends on how it was built.
 * Both are for C. Rust calls one function, which always returns: jumps stay
 * between libjpeg and this file. */

#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* this order: the numbers of the messages depend on what jpeglib.h defines */
#include <jpeglib.h>
#include <jerror.h>

/* What became of a picture; `Outcome` in decode.rs has the same numbers. */
enum outcome {
    DECODED = 0,
    CORRUPT = 1,
    UNSUPPORTED = 2,
    OUT_OF_MEMORY = 3,
    OTHER_SIZE = 4,
    TOO_MANY_SCANS = 5,
};

/* What libjpeg noticed; `noticed` in decode.rs has the same bits. */
enum noticed {
    NO_END = 1,         /* the file ends before the marker for the end */
    BLOCKS_MISSING = 2, /* blocks without data, or a colour without any */
    DETAIL_MISSING = 4, /* a progressive picture without its last scans */
    DAMAGED = 8,        /* data that no encoder writes */
    ARITHMETIC = 16,    /* missing data of this coding goes unnoticed */
};

struct handler {
    struct jpeg_error_mgr base; /* first: all that libjpeg knows of */
    struct jpeg_progress_mgr progress;
    jmp_buf back;
    enum outcome outcome;
    unsigned noticed;
    int scans;
};

static enum outcome outcome_of(int code)
{
    switch (code) {
    case JERR_OUT_OF_MEMORY:
        return OUT_OF_MEMORY;
    case JERR_ARITH_NOTIMPL:
    case JERR_BAD_PRECISION:
    case JERR_CCIR601_NOTIMPL:
    case JERR_CONVERSION_NOTIMPL:
    case JERR_FRACT_SAMPLE_NOTIMPL:
    case JERR_NOTIMPL:
    case JERR_NOT_COMPILED:
    case JERR_SOF_UNSUPPORTED:
        return UNSUPPORTED;
    default:
        return CORRUPT;
    }
}

static void fail(j_common_ptr info)
{
    struct handler *handler = (struct handler *)info->err;
    handler->outcome = outcome_of(handler->base.msg_code);
    longjmp(handler->back, 1);
}

static void notice(j_common_ptr info, int level)
{
    const int END_OF_IMAGE = 0xd9;
    struct handler *handler = (struct handler *)info->err;
    if (level >= 0)
        return;
    switch (handler->base.msg_code) {
    case JWRN_JPEG_EOF:
        handler->noticed |= NO_END;
        break;
    case JWRN_HIT_MARKER:
        handler->noticed |= BLOCKS_MISSING;
        break;
    case JWRN_MUST_RESYNC:
        /* the marker that was found in place of one for a restart */
        handler->noticed |= handler->base.msg_parm.i[0] == END_OF_IMAGE ? BLOCKS_MISSING : DAMAGED;
        break;
    case JWRN_ARITH_BAD_CODE:
    case JWRN_HUFF_BAD_CODE:
        handler->noticed |= DAMAGED;
        break;
    default: /* bytes before a marker, an unusual version or order: harmless */
        break;
    }
}

/* Called while scans are read before the first row. */
static void limit_scans(j_common_ptr info)
{
    struct handler *handler = (struct handler *)info->err;
    if (((j_decompress_ptr)info)->input_scan_number > handler->scans) {
        handler->outcome = TOO_MANY_SCANS;
        longjmp(handler->back, 1);
    }
}

static void notice_missing(const struct jpeg_decompress_struct *info, struct handler *handler)
{
    for (int i = 0; i < info->num_components; i++) {
        if (info->comp_info[i].quant_table == NULL)
            handler->noticed |= BLOCKS_MISSING;
        if (info->coef_bits == NULL)
            continue;
        /* bits that are still unknown, or -1: no scan had this coefficient */
        if (info->coef_bits[i][0] < 0)
            handler->noticed |= BLOCKS_MISSING;
        for (int k = 0; k < DCTSIZE2; k++)
            if (info->coef_bits[i][k] != 0)
                handler->noticed |= DETAIL_MISSING;
    }
}

/* Inks are stored inverted, as Adobe's programs do and all others since. */
static void inks_to_rgb(const unsigned char *inks, unsigned width, unsigned char *rgb)
{
    for (; width > 0; width--, inks += 4, rgb += 3)
        for (int i = 0; i < 3; i++)
            rgb[i] = (unsigned char)((inks[i] * inks[3] + 127) / 255);
}

static void read_rows(j_decompress_ptr info, unsigned char *rgb)
{
    size_t length = (size_t)info->output_width * 3;
    int is_inks = info->out_color_space == JCS_CMYK;
    JSAMPARRAY inks = NULL;
    if (is_inks)
        inks = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE, info->output_width * 4, 1);
    while (info->output_scanline < info->output_height) {
        JSAMPROW row = rgb + length * info->output_scanline;
        if (is_inks) {
            jpeg_read_scanlines(info, inks, 1);
            inks_to_rgb(inks[0], info->output_width, row);
        } else {
            jpeg_read_scanlines(info, &row, 1);
        }
    }
}

/* Decodes into `rgb`, which has room for `width` * `height` * 3 bytes. */
int tekseru_jpeg_decode(const unsigned char *bytes, size_t length, unsigned width, unsigned height,
                        int scans, unsigned char *rgb, unsigned *noticed)
{
    struct jpeg_decompress_struct info;
    struct handler handler;
    memset(&info, 0, sizeof info);
    memset(&handler, 0, sizeof handler);
    info.err = jpeg_std_error(&handler.base);
    handler.base.error_exit = fail;
    handler.base.emit_message = notice;
    handler.progress.progress_monitor = limit_scans;
    handler.scans = scans;
    if (setjmp(handler.back) == 0) {
        jpeg_create_decompress(&info);
        info.progress = &handler.progress;
        jpeg_mem_src(&info, (unsigned char *)bytes, length);
        jpeg_read_header(&info, TRUE);
        int is_inks = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
        info.out_color_space = is_inks ? JCS_CMYK : JCS_RGB;
        if (info.image_width != width || info.image_height != height) {
            handler.outcome = OTHER_SIZE;
        } else {
            if (info.arith_code)
                handler.noticed |= ARITHMETIC;
            jpeg_start_decompress(&info);
            read_rows(&info, rgb);
            notice_missing(&info, &handler);
        }
    }
    jpeg_destroy_decompress(&info);
    *noticed = handler.noticed;
    return (int)handler.outcome;
}

/* Returns the version of the headers that this was built with. */
const char *tekseru_jpeg_version(void)
{
#define TEXT(name) #name
#define VALUE(name) TEXT(name)
#ifdef LIBJPEG_TURBO_VERSION
    return "libjpeg-turbo/" VALUE(LIBJPEG_TURBO_VERSION);
#else
    return "libjpeg/" VALUE(JPEG_LIB_VERSION);
#endif
}
