#include "cli/manual.h"

#include <string.h>

/* ---- bash ---- */

static void append_bash_options(struct buffer *text, const struct option_rule *rule)
{
    for (; rule && rule->name; rule++)
        buffer_format(text, " --%s", rule->name);
}

static void append_bash(struct buffer *text, const struct command *const *commands)
{
    buffer_append_text(text,
                       "# bash completion of cust360\n_cust360()\n{\n"
                       "    local word=${COMP_WORDS[COMP_CWORD]} words=\n"
                       "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        words='--help --version");
    for (size_t i = 0; commands[i]; i++)
        buffer_format(text, " %s", commands[i]->name);
    buffer_append_text(text, "'\n    else\n        case ${COMP_WORDS[1]} in\n");
    for (size_t i = 0; commands[i]; i++) {
        buffer_format(text, "            %s) words='", commands[i]->name);
        append_bash_options(text, commands[i]->options);
        append_bash_options(text, common_options);
        buffer_append_text(text, "' ;;\n");
    }
    buffer_append_text(text, "        esac\n        [[ $word == -* ]] || words=\n    fi\n"
                             "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$word\")\n}\n"
                             "complete -o default -F _cust360 cust360\n");
}

/* ---- zsh ---- */

/* Within single quotes, and where a colon or a bracket would end a part. */
static void append_zsh_text(struct buffer *text, const char *words)
{
    for (; *words; words++) {
        if (*words == '\'')
            buffer_append_text(text, "'\\'");
        else if (strchr("[]:\\", *words))
            buffer_append_byte(text, '\\');
        buffer_append_byte(text, *words);
    }
}

static void append_zsh_options(struct buffer *text, const struct option_rule *rule)
{
    for (; rule && rule->name; rule++) {
        buffer_format(text, " \\\n                '--%s%s[", rule->name, rule->value ? "=" : "");
        append_zsh_text(text, rule->help);
        buffer_append_byte(text, ']');
        if (rule->value) {
            buffer_append_byte(text, ':');
            append_zsh_text(text, rule->value);
            buffer_append_text(text, ":_files");
        }
        buffer_append_byte(text, '\'');
    }
}

static void append_zsh(struct buffer *text, const struct command *const *commands)
{
    buffer_append_text(text, "#compdef cust360\n_cust360()\n{\n    local -a names\n    names=(\n");
    for (size_t i = 0; commands[i]; i++) {
        buffer_format(text, "        '%s:", commands[i]->name);
        append_zsh_text(text, commands[i]->summary);
        buffer_append_text(text, "'\n");
    }
    buffer_append_text(text, "    )\n    if ((CURRENT == 2)); then\n"
                             "        _describe command names\n        return\n    fi\n"
                             "    local name=$words[2]\n    shift words\n    ((CURRENT--))\n"
                             "    case $name in\n");
    for (size_t i = 0; commands[i]; i++) {
        buffer_format(text, "        %s)\n            _arguments", commands[i]->name);
        append_zsh_options(text, commands[i]->options);
        append_zsh_options(text, common_options);
        buffer_append_text(text, " \\\n                '*:argument:_files'\n            ;;\n");
    }
    buffer_append_text(text, "    esac\n}\n_cust360 \"$@\"\n");
}

/* ---- fish ---- */

static void append_fish_text(struct buffer *text, const char *words)
{
    buffer_append_byte(text, '\'');
    for (; *words; words++) {
        if (*words == '\'' || *words == '\\')
            buffer_append_byte(text, '\\');
        buffer_append_byte(text, *words);
    }
    buffer_append_byte(text, '\'');
}

static void append_fish_options(struct buffer *text, const char *command,
                                const struct option_rule *rule)
{
    for (; rule && rule->name; rule++) {
        buffer_format(text, "complete -c cust360 -n '__fish_seen_subcommand_from %s' -l %s",
                      command, rule->name);
        if (rule->letter)
            buffer_format(text, " -s %c", rule->letter);
        buffer_format(text, "%s -d ", rule->value ? " -r" : "");
        append_fish_text(text, rule->help);
        buffer_append_byte(text, '\n');
    }
}

static void append_fish(struct buffer *text, const struct command *const *commands)
{
    buffer_append_text(text, "# fish completion of cust360\n");
    for (size_t i = 0; commands[i]; i++) {
        buffer_format(text, "complete -c cust360 -f -n __fish_use_subcommand -a %s -d ",
                      commands[i]->name);
        append_fish_text(text, commands[i]->summary);
        buffer_append_byte(text, '\n');
        append_fish_options(text, commands[i]->name, commands[i]->options);
        append_fish_options(text, commands[i]->name, common_options);
    }
}

bool completion_write(const struct command *const *commands, const char *shell, struct buffer *text)
{
    static const struct {
        const char *shell;
        void (*append)(struct buffer *text, const struct command *const *commands);
    } shells[] = {{"bash", append_bash}, {"zsh", append_zsh}, {"fish", append_fish}};
    for (size_t i = 0; i < sizeof(shells) / sizeof(shells[0]); i++)
        if (strcmp(shells[i].shell, shell) == 0) {
            shells[i].append(text, commands);
            return true;
        }
    return false;
}
