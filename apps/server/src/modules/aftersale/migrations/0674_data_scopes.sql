call app.narrow_by_order('aftersale_cases');
call app.narrow_by_order('aftersale_lines');
call app.narrow_by_order('aftersale_timeline');
