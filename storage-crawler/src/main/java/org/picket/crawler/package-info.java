/// What a crawler does for one of its storages, put together.
package org.picket.crawler;
