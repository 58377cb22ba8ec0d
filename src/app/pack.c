#include "app/pack.h"

#include <string.h>

#include "base/file.h"
#include "crypt/sign.h"
#include "embedded/templates.h"
#include "exchange/tar.h"
#include "render/render.h"

enum { DAY_SECONDS = 24 * 60 * 60 };

static kb_status write_file(kb_pack *pack, const char *name, const char *bytes, size_t length, kb_err *err)
{
	kb_arena *arena = pack->call->arena;
	const char *slash = strchr(name, '/');
	const char *below = slash ? kb_arena_printf(arena, "%s/%.*s", pack->folder, (int)(slash - name), name) : NULL;
	const char *inside = kb_arena_printf(arena, "evidence/%s", name);
	KB_TRY(kb_arena_check(arena, err));
	if (below) KB_TRY(kb_file_make_dir(below, err));
	KB_TRY(kb_call_create_in(pack->call, pack->folder, name, bytes, length, err));
	kb_node_add(arena, pack->files, kb_node_text(arena, name));
	return kb_tar_add(&pack->archive, inside, bytes, length, (int64_t)pack->call->day * DAY_SECONDS, err);
}

kb_status kb_pack_add(kb_pack *pack, const char *name, const char *bytes, size_t length, kb_err *err)
{
	kb_digest digest;
	char hex[KB_DIGEST_TEXT];
	KB_TRY(kb_arena_check(pack->call->arena, err)); /* the name may just have been made */
	KB_TRY(kb_digest_of_file(bytes, length, &digest, err));
	kb_digest_format(&digest, hex);
	kb_buf_printf(&pack->sums, "%s  %s\n", hex, name);
	return write_file(pack, name, bytes, length, err);
}

/* The file of a key; the one that signs now has the plain name. */
static kb_status key_file(kb_pack *pack, const char *key, const char **ret, kb_err *err)
{
	kb_arena *arena = pack->call->arena;
	kb_digest public_key;
	const char *pem, *name = kb_node_get_text(pack->keys, key, NULL);
	*ret = name;
	if (name) return KB_OK;
	if (!kb_digest_parse(key, &public_key))
		return kb_fail(err, KB_CORRUPT, "signature.key", "a public key can't be read");
	bool first = pack->keys->pair_count == 0;
	*ret = first ? "public-key.pem" : kb_arena_printf(arena, "public-key-%.8s.pem", key);
	KB_TRY(kb_sign_pem(arena, &public_key, &pem, err));
	kb_node_set_text(arena, pack->keys, key, *ret);
	KB_TRY(kb_arena_check(arena, err));
	return kb_pack_add(pack, *ret, pem, strlen(pem), err);
}

kb_status kb_pack_open(kb_pack *pack, kb_call *call, const char *folder, kb_err *err)
{
	kb_arena *arena = call->arena;
	kb_digest private_key, public_key;
	char hex[KB_DIGEST_TEXT];
	const char *file;
	*pack = (kb_pack) { .call = call, .folder = folder, .sums = { .arena = arena }, .archive = { .arena = arena } };
	pack->files = kb_node_list(arena);
	pack->sealed = kb_node_list(arena);
	pack->keys = kb_node_map(arena);
	KB_TRY(kb_arena_check(arena, err));
	KB_TRY(kb_file_make_dir(folder, err));
	KB_TRY(kb_store_sign_key(call->store, &private_key, err));
	kb_status status = kb_sign_public(&private_key, &public_key, err);
	kb_secret_wipe(&private_key, sizeof private_key);
	KB_TRY(status);
	kb_digest_format(&public_key, hex);
	return key_file(pack, kb_arena_text(arena, hex), &file, err);
}

kb_status kb_pack_add_signed(
	kb_pack *pack, const char *name, const char *bytes, const char *signature_text, const char *key, kb_err *err)
{
	kb_arena *arena = pack->call->arena;
	kb_signature signature;
	const char *file;
	if (!kb_signature_parse(signature_text, &signature))
		return kb_fail(err, KB_CORRUPT, "signature.none", "the signature of %s can't be read", name);
	KB_TRY(key_file(pack, key, &file, err));
	KB_TRY(kb_pack_add(pack, name, bytes, strlen(bytes), err));
	kb_node *entry = kb_node_add(arena, pack->sealed, kb_node_map(arena));
	kb_node_set_text(arena, entry, "file", name);
	kb_node_set_text(arena, entry, "key_file", file);
	name = kb_arena_printf(arena, "%s.sig", name);
	KB_TRY(kb_arena_check(arena, err));
	return kb_pack_add(pack, name, (const char *)signature.bytes, sizeof signature.bytes, err);
}

kb_status kb_pack_add_page(kb_pack *pack, const char *name, const char *template, const kb_node *data, kb_err *err)
{
	kb_arena *arena = pack->call->arena;
	kb_buf markdown = { .arena = arena }, page = { .arena = arena };
	kb_md_node *document;
	kb_mustache_options options = { .escape = kb_markdown_escape, .strict = true };
	const char *text = kb_embedded_templates(template), *css = kb_embedded_templates("print.css");
	KB_TRY(kb_mustache_fill(arena, template, text, data, &options, &markdown, err));
	KB_TRY(kb_markdown_read(arena, kb_buf_string(&markdown), markdown.length, &document, err));
	KB_TRY(kb_render_html(arena, document, &(kb_render_options) { .css = css }, &page, err));
	KB_TRY(kb_pack_add(pack, kb_arena_printf(arena, "%s.md", name), markdown.text, markdown.length, err));
	return kb_pack_add(pack, kb_arena_printf(arena, "%s.html", name), page.text, page.length, err);
}

kb_status kb_pack_close(kb_pack *pack, const char *archive, kb_err *err)
{
	kb_digest private_key;
	kb_signature signature;
	KB_TRY(kb_store_sign_key(pack->call->store, &private_key, err));
	kb_status status = kb_sign(&private_key, pack->sums.text, pack->sums.length, &signature, err);
	kb_secret_wipe(&private_key, sizeof private_key);
	KB_TRY(status);
	KB_TRY(write_file(pack, "SHA256SUMS", pack->sums.text, pack->sums.length, err));
	KB_TRY(write_file(pack, "SHA256SUMS.sig", (const char *)signature.bytes, sizeof signature.bytes, err));
	if (!archive) return KB_OK;
	kb_tar_end(&pack->archive);
	return kb_call_create(pack->call, archive, pack->archive.text, pack->archive.length, err);
}
