#include "cli/review/review_typing.h"
#include "cli/command.h"

#include <stdio.h>
#include <unistd.h>

void typing_begin(struct typing *typing)
{
    typing->is_tty = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &typing->former) == 0;
    if (!typing->is_tty)
        return;
    struct termios keys = typing->former;
    keys.c_lflag &= (tcflag_t) ~(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &keys);
}

void typing_end(const struct typing *typing)
{
    if (typing->is_tty)
        tcsetattr(STDIN_FILENO, TCSANOW, &typing->former);
}

int typing_key(struct typing *typing)
{
    unsigned char byte = 0;
    ssize_t got = read(STDIN_FILENO, &byte, 1);
    if (got == 1)
        return byte;
    typing->ended = true;
    return EOF;
}

/* Echoed by hand, for the terminal does not. Backspace takes back a byte, and with it the rest of
 * its character. */
void typing_line(struct typing *typing, char *line, size_t capacity)
{
    size_t length = 0;
    int key;
    while ((key = typing_key(typing)) != EOF && key != '\n' && key != '\r') {
        if (key == 127 || key == '\b') {
            while (length > 0 && ((unsigned char)line[--length] & 0xC0) == 0x80)
                continue;
            command_print(typing->is_tty ? SLICE("\b \b") : SLICE(""));
        } else if (length + 1 < capacity) {
            line[length++] = (char)key;
            if (typing->is_tty)
                command_print(slice_make(&line[length - 1], 1));
        }
        (void)fflush(stdout);
    }
    line[length] = '\0';
    command_print(SLICE("\n"));
}
