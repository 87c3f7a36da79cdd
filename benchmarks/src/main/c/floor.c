/* The floor of a fan-out: what sending costs when nothing else is done.
 *
 * One thread, one port. A WebSocket upgrade makes a subscriber; the body of a POST is framed once and handed
 * to send() once for each subscriber, then the POST is answered with 201. No channels, no keys, no JSON, no
 * history, no order kept for late ones; the handshake's hash is left out, which a benchmark's client does not
 * look at. What a socket does not take at once is kept and sent when it can be.
 *
 *   cc -O2 -o floor floor.c && ./floor        prints the port that it listens on
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { IN_BYTES = 1 << 17, EVENTS = 512 };

typedef struct {
  int fd, slot;           /* slot: place among the subscribers, or -1 */
  size_t in, out, sent;   /* bytes read; bytes kept; how many of them are sent */
  char *input, *output;
} conn;

static int epoll;
static conn **subscribers;
static int count, room;

static void watch(conn *c, int what, unsigned events) {
  struct epoll_event event = {.events = events, .data.ptr = c};
  epoll_ctl(epoll, what, c->fd, &event);
}

static void drop(conn *c) {
  if (c->slot >= 0) {
    subscribers[c->slot] = subscribers[--count];
    subscribers[c->slot]->slot = c->slot;
    c->slot = -1;
  }
  close(c->fd);
  c->fd = -1; /* freed when its own turn of events is over */
  free(c->input), free(c->output);
  c->input = c->output = NULL;
}

static void keep(conn *c, const char *bytes, size_t length) {
  if (c->sent == c->out) c->sent = c->out = 0;
  c->output = realloc(c->output, c->out + length);
  memcpy(c->output + c->out, bytes, length);
  c->out += length;
  watch(c, EPOLL_CTL_MOD, EPOLLIN | EPOLLOUT);
}

static void send_to(conn *c, const char *bytes, size_t length) {
  ssize_t n = 0;
  if (c->fd < 0) return;
  if (c->sent == c->out) {
    n = send(c->fd, bytes, length, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) return; /* its reading end will tell */
    if (n < 0) n = 0;
  }
  if ((size_t)n < length) keep(c, bytes + n, length - n);
}

static void send_kept(conn *c) {
  ssize_t n = send(c->fd, c->output + c->sent, c->out - c->sent, MSG_NOSIGNAL);
  if (n > 0) c->sent += n;
  if (c->sent == c->out) watch(c, EPOLL_CTL_MOD, EPOLLIN);
}

static void fan_out(const char *body, size_t length) {
  static char frame[IN_BYTES + 10];
  size_t head = length < 126 ? 2 : 4;
  frame[0] = (char)0x81;
  frame[1] = (char)(length < 126 ? length : 126);
  if (head == 4) frame[2] = (char)(length >> 8), frame[3] = (char)length;
  memcpy(frame + head, body, length);
  for (int i = 0; i < count; i++) send_to(subscribers[i], frame, head + length);
}

/* Takes one request off the input. Returns how many bytes it was, or 0 when it is not whole yet. */
static size_t request(conn *c) {
  static const char upgraded[] =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
  static const char created[] = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";
  c->input[c->in] = 0;
  char *end = strstr(c->input, "\r\n\r\n");
  if (!end) return 0;
  size_t head = end + 4 - c->input, body = 0;
  char *length = strcasestr(c->input, "\r\ncontent-length:");
  if (length && length < end) body = strtoul(length + 17, NULL, 10);
  if (c->in < head + body) return 0;
  if (memcmp(c->input, "POST", 4) == 0) {
    if (body < 65536) fan_out(c->input + head, body);
    send_to(c, created, sizeof created - 1);
  } else {
    if (count == room) subscribers = realloc(subscribers, (room = room * 2 + 64) * sizeof *subscribers);
    c->slot = count;
    subscribers[count++] = c;
    send_to(c, upgraded, sizeof upgraded - 1);
  }
  return head + body;
}

static void readable(conn *c) {
  ssize_t n = recv(c->fd, c->input + c->in, IN_BYTES - 1 - c->in, 0);
  if (n == 0 || (n < 0 && errno != EAGAIN)) { drop(c); return; }
  if (n < 0 || c->slot >= 0) return; /* what a subscriber sends is not looked at */
  c->in += n;
  for (size_t used; c->slot < 0 && (used = request(c)) > 0;) {
    memmove(c->input, c->input + used, c->in - used);
    c->in -= used;
  }
  if (c->slot >= 0) c->in = 0;
}

static void accepted(int listener) {
  int one = 1, fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK);
  if (fd < 0) return;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  conn *c = calloc(1, sizeof *c);
  c->fd = fd, c->slot = -1, c->input = malloc(IN_BYTES);
  watch(c, EPOLL_CTL_ADD, EPOLLIN);
}

int main(void) {
  struct rlimit files;
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t length = sizeof address;
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (bind(listener, (struct sockaddr *)&address, length) || listen(listener, 4096)) return perror("floor"), 1;
  getsockname(listener, (struct sockaddr *)&address, &length);
  printf("%d\n", ntohs(address.sin_port)), fflush(stdout);
  epoll = epoll_create1(0);
  struct epoll_event events[EVENTS], first = {.events = EPOLLIN};
  epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &first);
  for (;;) {
    int ready = epoll_wait(epoll, events, EVENTS, -1);
    for (int i = 0; i < ready; i++) {
      conn *c = events[i].data.ptr;
      if (!c) { accepted(listener); continue; }
      if (events[i].events & EPOLLOUT) send_kept(c);
      if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) readable(c);
      if (c->fd < 0) free(c);
    }
  }
}
