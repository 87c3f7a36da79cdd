/// The REST API as functions from request to response; no sockets here.
@NullMarked
package dev.pushgate.rest;

import org.jspecify.annotations.NullMarked;
